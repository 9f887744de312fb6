/** The longest text that a field takes: more than the longest policy that IAM takes, white space included. */
export const LONGEST_TEXT = 50_000;
