/** One certificate of a chain, as it is shown. Fingerprints are lowercase hex without colons. */
export type Certificate = {
  readonly subject: string;
  readonly issuer: string;
  /** ISO 8601. */
  readonly validFrom: string;
  readonly validTo: string;
  readonly sha1: string;
  readonly sha256: string;
};

/** What was found at the issuer's host. */
export type ThumbprintResult =
  | {
      /** The chain verifies against the public roots. */
      readonly kind: "verified";
      /** SHA-1 of the last certificate the server presented, 40 hex digits. */
      readonly thumbprint: string;
      readonly chain: readonly Certificate[];
      readonly jwksUri: string;
    }
  | {
      /** It does not: somebody is in between, or the issuer has a certificate of its own. */
      readonly kind: "untrusted";
      readonly thumbprint: string;
      readonly chain: readonly Certificate[];
      readonly jwksUri: string;
      /** Whose certificate it is. */
      readonly who: string;
    }
  | {
      /** The presented chain cannot be shown to be complete. */
      readonly kind: "incomplete";
      readonly chain: readonly Certificate[];
      readonly reason: string;
    }
  | { readonly kind: "unreachable"; readonly reason: string; readonly code: string };
