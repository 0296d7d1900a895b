import { readFileSync } from 'node:fs';
import path from 'node:path';
import { connectorDefinitions } from '../../../connectors/index.ts';
import { envExample } from '../../../src/config/env-example.ts';
import { hubSettings } from '../../../src/config/hub-settings.ts';

test('.env.example says exactly what is declared; mend it with: ./toritsugi doctor --env-example > .env.example', () => {
  const declared = [
    { title: 'Hub', settings: hubSettings },
    ...connectorDefinitions.map(({ label, settings }) => ({ title: label, settings })),
  ];
  expect(readFileSync(path.resolve(import.meta.dirname, '../../../.env.example'), 'utf8')).toBe(envExample(declared));
});
