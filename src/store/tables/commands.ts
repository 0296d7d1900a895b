/** What people asked the PBX to do. No number of a customer is here: requests are kept as their hash. Instants are ms since 1970. */
export interface CommandTable {
  key: string;
  /** The extension that asked. */
  who: string;
  kind: string;
  request_hash: string;
  /** The call it is about, or the one it places. */
  call_id: string | null;
  /** `noted`: asked of the PBX, or about to be. */
  state: string;
  /** How it ended, as JSON. */
  answer: string | null;
  /** The extension whose phone it rings; nobody's phone is rung for two commands at once. */
  dialling: string | null;
  noted_at: number;
  settled_at: number | null;
}

export interface CommandTables {
  commands: CommandTable;
}
