import { readFileSync } from 'node:fs';
import path from 'node:path';
import { routingFields, routingVariables } from '../../../src/routing/routing-variables.ts';
import { routingAnswer } from '../../support/routing-facts.ts';

const dialplan = readFileSync(path.resolve(import.meta.dirname, '../../../infra/asterisk/toritsugi-routing.conf'), 'utf8');
const names = routingVariables(routingAnswer()).map(([name]) => name);

function context(name: string): string {
  return dialplan.split(/^(?=\[)/mu).find((part) => part.startsWith(`[${name}]`)) ?? '';
}

test('the shipped dialplan explains, empties and fills exactly the variables the hub sets', () => {
  const head = dialplan.slice(0, dialplan.indexOf('\n[toritsugi-by-stasis]'));
  const mentioned = (text: string) => [...new Set(text.match(/TORITSUGI_[A-Z_]+/gu))].toSorted();
  const expected = names.toSorted();
  expect(mentioned(head)).toEqual(expected);
  expect(mentioned(context('toritsugi-forget'))).toEqual(expected);
  expect(mentioned(context('toritsugi-by-curl'))).toEqual(expected);
});

test('by HTTP each variable is filled from the field of the same meaning', () => {
  const pairs = [...context('toritsugi-by-curl').matchAll(/Set\((TORITSUGI_[A-Z_]+)=\$\{HASH\(toritsugi,(\w+)\)\}\)/gu)];
  const told = pairs.map(([, name, field]) => [name, field]);
  expect(told).toEqual(names.slice(0, -1).map((name, index) => [name, routingFields[index]]));
});

test.each(['toritsugi-by-stasis', 'toritsugi-by-agi'])('%s goes on when nobody answers in time', (name) => {
  const lines = context(name).split('\n');
  expect(lines).toContain(' same => n,Set(TIMEOUT(absolute)=1.5)');
  expect(lines).toContain('exten => T,1,Log(WARNING,Toritsugi did not answer in time)');
});
