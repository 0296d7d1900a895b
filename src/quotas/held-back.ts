import { RateLimited } from '../../connectors/connector.ts';

/** Not sent, by our own decision: the vendor's day is nearly used up, and what is more urgent goes first. The vendor itself works. */
export class HeldBack extends RateLimited {}
