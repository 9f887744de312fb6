/** What stands in the way of an edit: what it is about is not as it was when the edit was planned. */
export class ChangedMeanwhile extends Error {
  /** Whether it was written all the same, and cannot be seen. */
  readonly isWritten: boolean;

  constructor(isWritten = false) {
    super();
    this.isWritten = isWritten;
  }
}
