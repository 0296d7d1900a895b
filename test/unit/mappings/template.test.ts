import { compileTemplate, TemplateSyntaxError } from '../../../src/mappings/template.ts';
import { factsOfCall, japanese, yamada } from './call-builders.ts';

function rendered(text: string, ...[example, told]: Parameters<typeof factsOfCall>): string {
  return compileTemplate(text).render(factsOfCall(example, told));
}

test.each([
  ['+81312345678', '03-1234-5678'],
  ['+819012345678', '090-1234-5678'],
  ['+81120444113', '0120-444-113'],
  ['+815012345678', '050-1234-5678'],
  ['+81570012345', '0570-012-345'],
  ['+81667890123', '06-6789-0123'],
  ['+14155552671', '+1 415 555 2671'],
])('%s is written %s, as people here write it', (number, written) => {
  expect(rendered('{{ customer.number | national }}', { customer: { number } as never })).toBe(written);
});

test('what is no number is written as it is', () => {
  expect(rendered('{{ customer.raw | national }}', { customer: { raw: 'anonymous' } as never })).toBe('anonymous');
});

test('a national number is written internationally on request', () => {
  expect(rendered('{{ did | e164 }}', { did: '03-9876-5432' })).toBe('+81398765432');
});

test('durations, days and times are written for people', () => {
  const example = { talkSeconds: 3725.4, waitSeconds: 5, startedAt: '2026-11-22T15:05:00.000Z' };
  expect(rendered('{{ talkSeconds | duration }} {{ waitSeconds | duration }}', example)).toBe('1:02:05 0:05');
  expect(rendered('{{ startedAt | date }} / {{ startedAt | dateTime }}', example)).toBe('2026/11/23 / 2026/11/23 00:05');
});

test('labels follow the language of the CRM, or the one asked for', () => {
  expect(rendered('{{ direction | label }} {{ result | label: "en" }}')).toBe('着信 Answered');
  expect(rendered('{{ direction | label }}', {}, { style: { ...japanese, locale: 'en' } })).toBe('Inbound');
});

test('a fact that is not known leaves no gap', () => {
  expect(rendered('{{ direction | label }} {{ outcome.label }} {{ queue }} {{ notes }}')).toBe('着信 sales');
});

test('tells a matched call from an unmatched one, and a chosen outcome from none', () => {
  const text = '{% if match %}{{ match.name }}{% else %}nobody{% endif %} {% if outcome %}done{% else %}open{% endif %}';
  expect(rendered(text)).toBe('nobody open');
  expect(rendered(text, { outcome: { code: 'won', label: '成約' } }, { match: yamada })).toBe('山田 太郎 done');
});

test('what a customer or operator wrote is text, never a template', () => {
  expect(rendered('{{ notes }}', { notes: '{{ call.id }} {% if %} <b>"&' })).toBe('{{ call.id }} {% if %} <b>"&');
});

test.each(['{{ a', '{{ a | nope }}', '{% include "x" %}', '{% render "x" %}', '{% layout "x" %}', '{% if a %}'])(
  '%s is refused',
  (text) => {
    expect(() => compileTemplate(text)).toThrow(TemplateSyntaxError);
  },
);

test('reaches nothing but facts', () => {
  expect(rendered('[{{ constructor }}{{ customer.__proto__ }}{{ queue.constructor }}{{ toString }}{{ process.env }}]')).toBe(
    '[]',
  );
});

test('a template that would never end is stopped', () => {
  const endless = '{% for a in (1..1000000) %}{% for b in (1..1000000) %}xxxxxxxxxx{% endfor %}{% endfor %}';
  expect(() => rendered(endless)).toThrow(/limit/u);
});

test('knows which facts it speaks of, and whether it always writes something', () => {
  expect(compileTemplate('{{ direction }} {% if match %}{{ match.name }}{% endif %}{% assign x = queue %}{{ x }}').facts).toEqual(
    ['direction', 'match', 'match.name', 'queue'],
  );
  expect(compileTemplate('{{ notes }}').hasOwnWords).toBe(false);
  expect(compileTemplate('{% if notes %}メモ{% endif %}').hasOwnWords).toBe(false);
  expect(compileTemplate('電話 {{ notes }}').hasOwnWords).toBe(true);
  expect(compileTemplate('{% if notes %}a{% endif %} 電話 {% if queue %}b{% endif %}').hasOwnWords).toBe(true);
  expect(compileTemplate('{% if notes %}{% if queue %}a{% endif %}b{% endif %}').hasOwnWords).toBe(false);
  expect(compileTemplate('{{ recordings.size }} {{ recordings.first }} {{ queues[0] }}').facts).toEqual(['recordings', 'queues']);
});
