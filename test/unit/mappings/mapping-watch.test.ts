import { watchMappings } from '../../../src/mappings/mapping-watch.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function watched(watchDirectory: (directory: string, changed: () => void) => () => void) {
  const reload = jest.fn(async () => undefined);
  const log = jest.fn();
  const stop = watchMappings({ directory: 'mappings', reload, log, watchDirectory });
  return { reload, log, stop };
}

test('an editor that saves in several steps causes one reading, once it is done', () => {
  let tell: () => void = () => undefined;
  const { reload, stop } = watched((_, changed) => {
    tell = changed;
    return () => undefined;
  });
  tell();
  jest.advanceTimersByTime(100);
  tell();
  jest.advanceTimersByTime(199);
  expect(reload).not.toHaveBeenCalled();
  jest.advanceTimersByTime(1);
  expect(reload).toHaveBeenCalledTimes(1);
  stop();
});

test('where changes are not told, it looks regularly', () => {
  const { reload, log, stop } = watched(() => {
    throw new Error('not supported here');
  });
  jest.advanceTimersByTime(15_000);
  expect(reload).toHaveBeenCalledTimes(1);
  expect(log).toHaveBeenCalledWith('warn', expect.stringContaining('cannot be watched'), expect.anything());
  stop();
});

test('nothing is read after it was stopped', () => {
  const unwatch = jest.fn();
  let tell: () => void = () => undefined;
  const { reload, stop } = watched((_, changed) => {
    tell = changed;
    return unwatch;
  });
  tell();
  stop();
  jest.advanceTimersByTime(60_000);
  expect(unwatch).toHaveBeenCalled();
  expect(reload).not.toHaveBeenCalled();
});
