const timeoutMs = 5_000;

/** The one use `ari-client` makes of `request`: is the server there? What it answers does not matter. */
module.exports = (url, done) => {
  fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    // Unread, it would keep its connection.
    .then((answer) => answer.body?.cancel())
    .then(
      () => done(null),
      (error) => done(reasonOf(error)),
    );
};

/** By its code ari-client tells whether there is anybody; at any other it goes on, and waits for ever. */
function reasonOf(error) {
  if (error.name === 'TimeoutError') return Object.assign(new Error(`No answer in ${timeoutMs} ms`), { code: 'ETIMEDOUT' });
  return error.cause ?? error;
}
