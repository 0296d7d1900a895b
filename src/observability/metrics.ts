import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Label sets are bounded: a PBX's or a connector's name, never a number or an id. */
export interface Metrics {
  readonly registry: Registry;
  readonly liveCalls: Gauge;
  readonly callsEnded: Counter<'direction' | 'result'>;
  readonly pbxListening: Gauge<'pbx' | 'ear'>;
  readonly callerMatches: Counter<'kind'>;
  readonly callerLookupSeconds: Histogram;
  readonly callsMissingInCrm: Gauge;
  readonly callsNotInLedger: Gauge;
  readonly writes: Counter<'connector' | 'verdict'>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    liveCalls: new Gauge({ name: 'toritsugi_live_calls', help: 'Calls going on now', registers }),
    callsEnded: new Counter({
      name: 'toritsugi_calls_ended_total',
      help: 'Calls ended',
      labelNames: ['direction', 'result'],
      registers,
    }),
    pbxListening: new Gauge({
      name: 'toritsugi_pbx_listening',
      help: '1 while the PBX is heard by AMI or ARI',
      labelNames: ['pbx', 'ear'],
      registers,
    }),
    callerMatches: new Counter({
      name: 'toritsugi_caller_matches_total',
      help: 'Callers by kind of match',
      labelNames: ['kind'],
      registers,
    }),
    callerLookupSeconds: new Histogram({
      name: 'toritsugi_caller_lookup_seconds',
      help: 'From the start of a call to the answer who is calling',
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 1, 3, 10],
      registers,
    }),
    callsMissingInCrm: new Gauge({ name: 'toritsugi_calls_missing_in_crm', help: 'The number that must be 0', registers }),
    callsNotInLedger: new Gauge({
      name: 'toritsugi_calls_not_in_ledger',
      help: 'Calls that wait for the database; when it grows, the database does not answer',
      registers,
    }),
    writes: new Counter({
      name: 'toritsugi_writes_total',
      help: 'Records written to CRMs',
      labelNames: ['connector', 'verdict'],
      registers,
    }),
  };
}
