import type { WriteResult } from '../connector.ts';
import type { HttpService } from './http-service.ts';
import type { ServiceObject, WriteShape } from './object-shape.ts';

/** What became of the rows so far, by their place in the batch. */
export type Results = Map<number, WriteResult>;

/** The writing of one object's records: what each of its parts needs to know. */
export interface Writing {
  readonly service: HttpService;
  readonly objectName: string;
  readonly object: ServiceObject;
  readonly write: WriteShape;
  readonly signal: AbortSignal;
  readonly results: Results;
}
