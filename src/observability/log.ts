import winston from 'winston';
import { redact } from './redaction.ts';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** A fixed message and variable fields; `callId` on every line about a call. Redacted before it is written. */
export type Log = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** One JSON object a line on standard error: standard output belongs to the commands' own answers. */
export function createLog(level: LogLevel, stream: NodeJS.WritableStream = process.stderr): Log {
  const logger = winston.createLogger({
    level,
    format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
    transports: [new winston.transports.Stream({ stream })],
    exitOnError: false,
  });
  return (lineLevel, message, fields = {}) => {
    logger.log(lineLevel, message, redact(fields) as Record<string, unknown>);
  };
}
