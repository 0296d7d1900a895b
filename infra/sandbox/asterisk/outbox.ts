import type { Socket } from 'node:net';

export interface OutboxFaults {
  /** Sends nothing any more, and does not hang up either. */
  readonly stalled: boolean;
  /** Everything is sent in pieces of so many bytes; null: as it comes. */
  readonly segmentBytes: number | null;
}

export interface Outbox {
  /** Bytes as characters (latin1). */
  write(bytes: string): void;
  /** Hangs up when everything is sent. */
  end(): void;
}

/** Asterisk too cuts off those who do not read. */
const maxUnsentBytes = 16 * 1_048_576;

export function createOutbox(socket: Socket, faults: OutboxFaults): Outbox {
  let unsent = '';
  let isSending = false;
  let isEnding = false;

  function write(bytes: string): void {
    if (faults.stalled || socket.destroyed || socket.writableEnded) return;
    if (faults.segmentBytes === null && unsent === '') socket.write(bytes, 'latin1');
    else {
      unsent += bytes;
      if (!isSending) sendNextPiece();
    }
    if (socket.writableLength + unsent.length > maxUnsentBytes) socket.destroy();
  }

  /** A turn of the event loop between two pieces, so that they leave one by one. */
  function sendNextPiece(): void {
    isSending = unsent !== '' && !socket.destroyed && !socket.writableEnded;
    if (!isSending) {
      unsent = '';
      if (isEnding) socket.end();
      return;
    }
    const length = faults.segmentBytes ?? unsent.length;
    const piece = unsent.slice(0, length);
    unsent = unsent.slice(length);
    socket.write(piece, 'latin1', () => setImmediate(sendNextPiece));
  }

  function end(): void {
    isEnding = true;
    if (!isSending) socket.end();
  }

  return { write, end };
}
