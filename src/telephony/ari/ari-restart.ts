/**
 * ARI never says that Asterisk was restarted; the ids of its channels do. They read `[system-]epoch.counter`, and the counter only
 * grows while Asterisk runs: a younger id with a lower counter was given by another process.
 */
export interface RestartDetector {
  /** Give it every new channel's id: when the PBX must have been started (ms, not later than this), or null if it has gone on. */
  bootOf(channelId: string): number | null;
}

/** Two threads may finish what they do with neighbouring ids in the wrong order, a moment apart. */
const sameMomentSeconds = 1;

export function createRestartDetector(): RestartDetector {
  let lastEpoch = 0;
  let highestCounter = -1;
  return {
    bootOf(channelId) {
      const parts = /(\d{9,11})\.(\d{1,15})$/.exec(channelId);
      if (parts === null) return null;
      const epoch = Number(parts[1]);
      const counter = Number(parts[2]);
      const isYounger = epoch > lastEpoch + sameMomentSeconds;
      const hasRestarted = isYounger && counter <= highestCounter;
      lastEpoch = Math.max(lastEpoch, epoch);
      highestCounter = hasRestarted ? counter : Math.max(highestCounter, counter);
      return hasRestarted ? epoch * 1000 : null;
    },
  };
}
