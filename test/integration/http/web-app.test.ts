import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import request from 'supertest';
import { answerNotFound, answerProblems } from '../../../src/http/problem.ts';
import { webApp } from '../../../src/http/web-app.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'web-app-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'assets/page-abc123.js'), 'console.log(1)');
});

afterEach(() => rmSync(folder, { recursive: true }));

function site() {
  return express()
    .use(webApp(folder))
    .use(answerNotFound)
    .use(answerProblems(() => undefined));
}

test('every address of the app answers the page, which browsers ask for afresh', async () => {
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>取次</title>');
  for (const path of ['/', '/desk', '/admin']) {
    const answer = await request(site()).get(path).set('Accept', 'text/html');
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-cache']);
    expect(answer.text).toContain('取次');
  }
});

test('hashed files are kept by browsers; a missing one is a problem, not a page', async () => {
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  const asset = await request(site()).get('/assets/page-abc123.js');
  expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  const missing = await request(site()).get('/assets/page-old.js').set('Accept', 'text/html');
  expect(JSON.parse(missing.text)).toMatchObject({ status: 404, type: 'urn:toritsugi:problem:not-found' });
  const outside = await request(site()).get('/assets/..%2f..%2f..%2fetc%2fpasswd');
  expect(outside.status).toBeGreaterThanOrEqual(400);
});

test('says what to do when the app has not been built', async () => {
  const answer = await request(site()).get('/').set('Accept', 'text/html');
  expect(JSON.parse(answer.text)).toMatchObject({ status: 503, detail: expect.stringContaining('vite build') });
});
