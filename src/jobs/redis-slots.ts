import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';

/**
 * How many jobs of a name may run at once, over all processes that share a Redis: Bull's own concurrency counts per process. A slot
 * whose process died is free again after its lease.
 */
export interface RedisSlots {
  /** Waits for a slot; answers how to give it back. @throws when the signal is aborted first. */
  take(name: string, limit: number, signal: AbortSignal): Promise<() => Promise<void>>;
}

export interface RedisSlotsSettings {
  readonly redis: Pick<Redis, 'eval' | 'zrem'>;
  readonly prefix: string;
  readonly newId: () => string;
}

const LEASE_MS = 30_000;
const RENEW_MS = 10_000;
const POLL_MS = 25;

/** By Redis's own clock: the processes' clocks may differ. KEYS slots; ARGV holder, limit, lease. */
const TAKE = `
local now = redis.call('time')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
redis.call('zremrangebyscore', KEYS[1], '-inf', ms)
if redis.call('zscore', KEYS[1], ARGV[1]) or redis.call('zcard', KEYS[1]) < tonumber(ARGV[2]) then
  redis.call('zadd', KEYS[1], ms + ARGV[3], ARGV[1])
  redis.call('pexpire', KEYS[1], ARGV[3])
  return 1
end
return 0`;

export function createRedisSlots({ redis, prefix, newId }: RedisSlotsSettings): RedisSlots {
  return {
    async take(name, limit, signal) {
      const key = `${prefix}:slots:${name}`;
      const holder = newId();
      const tryTake = async () => (await redis.eval(TAKE, 1, key, holder, limit, LEASE_MS)) === 1;
      while (!(await tryTake())) await pause(POLL_MS, undefined, { signal });
      const renewing = setInterval(() => void tryTake().catch(() => {}), RENEW_MS);
      renewing.unref();
      return async () => {
        clearInterval(renewing);
        await redis.zrem(key, holder);
      };
    },
  };
}
