/** What happened to a record, for whoever is told by webhook. */
import type { AppDefinition } from './app-definition.ts';
import type { StoredRecord } from './app-records.ts';
import type { Comment } from './comments.ts';

export type Notice =
  | {
      readonly type: 'ADD_RECORD' | 'UPDATE_RECORD' | 'UPDATE_STATUS';
      readonly app: AppDefinition;
      readonly record: StoredRecord;
    }
  | {
      readonly type: 'DELETE_RECORD';
      readonly app: AppDefinition;
      readonly recordId: number;
      /** Login name. */
      readonly deletedBy: string;
      readonly deletedAt: number;
    }
  | {
      readonly type: 'ADD_RECORD_COMMENT';
      readonly app: AppDefinition;
      readonly recordId: number;
      readonly comment: Comment;
    };

export const NOTICE_TYPES = ['ADD_RECORD', 'UPDATE_RECORD', 'UPDATE_STATUS', 'DELETE_RECORD', 'ADD_RECORD_COMMENT'] as const;
