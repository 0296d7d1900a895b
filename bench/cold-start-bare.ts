/** The baseline of a cold start: the web server and the database every such program needs, and nothing else. */
import Sqlite from 'better-sqlite3';
import express from 'express';

const database = new Sqlite(process.argv[2] ?? ':memory:');
database.pragma('journal_mode = WAL');
const server = express().listen(0, '127.0.0.1', () => {
  process.stdout.write('ready: http://127.0.0.1\n');
  process.once('SIGTERM', () => {
    database.close();
    server.close();
  });
});
