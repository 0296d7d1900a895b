import { ariDefaults } from '../../../src/telephony/ari/ari-client.ts';
import { createPendingAnswers } from '../../../src/telephony/ari/pending-answers.ts';

const settings = { ...ariDefaults, url: 'http://127.0.0.1:8088', username: 'hub', password: 'quiet', app: 'toritsugi' };

test('a question that cannot even be asked is answered at once, and its time-out is called off', async () => {
  const timers = new Set<() => void>();
  const pending = createPendingAnswers(settings, (_, run) => {
    timers.add(run);
    return () => timers.delete(run);
  });
  const asked = pending.wait('GET /channels', () => {
    throw new TypeError('a header that cannot be sent');
  });
  await expect(asked).rejects.toThrow('a header that cannot be sent');
  expect(timers.size).toBe(0);
});

test('an answer that is there before the asking has come back counts', async () => {
  const pending = createPendingAnswers(settings, () => () => undefined);
  const released = jest.fn();
  const asked = pending.wait<string>('GET /channels', (settle) => {
    settle('here');
    return released;
  });
  await expect(asked).resolves.toBe('here');
  expect(released).toHaveBeenCalledTimes(1);
});
