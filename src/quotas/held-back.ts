import { RateLimited } from '../../connectors/connector.ts';

/** Not sent, by our own decision: the vendor's day or its patience is nearly used up. Only requests of this class wait. */
export class HeldBack extends RateLimited {}
