const timeoutMs = 5_000;

/** The one use `ari-client` makes of `request`: is the server there? What it answers does not matter. */
module.exports = (url, done) => {
  fetch(url, { signal: AbortSignal.timeout(timeoutMs) }).then(
    () => done(null),
    (error) => done(error.cause ?? error),
  );
};
