import { readFileSync } from 'node:fs';
import path from 'node:path';
import { declaredSettings } from '../../../src/config/declared-settings.ts';
import { envExample } from '../../../src/config/env-example.ts';

test('.env.example says what the declarations say (renew it with "./toritsugi doctor --env-example > .env.example")', () => {
  expect(readFileSync(path.resolve(import.meta.dirname, '../../../.env.example'), 'utf8')).toBe(envExample(declaredSettings()));
});
