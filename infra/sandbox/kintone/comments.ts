/** What people write under a record. */
import type { Entity } from './field-values.ts';

export interface Mention {
  readonly code: string;
  readonly type: 'USER' | 'GROUP' | 'ORGANIZATION';
}

export interface Comment {
  readonly id: number;
  readonly text: string;
  readonly createdAt: number;
  readonly creator: Entity;
  readonly mentions: readonly Mention[];
}
