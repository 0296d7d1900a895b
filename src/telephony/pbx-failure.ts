/** What failed at a PBX, and what a person can do about it. */
export abstract class PbxFailure extends Error {
  readonly detail: string;
  readonly remedy: string;
  constructor(detail: string, remedy: string, options?: ErrorOptions) {
    super(`${detail} ${remedy}`, options);
    this.detail = detail;
    this.remedy = remedy;
  }
}
