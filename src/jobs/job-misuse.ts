/** There is no such job, or it was named twice. A mistake of the program. */
export class JobMisuse extends Error {
  override readonly name = 'JobMisuse';
}
