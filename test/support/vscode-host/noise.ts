/** Messages of the workbench itself that say nothing about a test; each begins, or names its cause, so. */
const noise: readonly RegExp[] = [
  /^Resolv(ing|ed) connection token/,
  /^Creating a socket/,
  /^(Ignoring fetching|Updating) additional builtin extensions/,
  /^\[Service Worker\] registration/,
  /^ChatSessionStore: /,
  /^Creation of workbench contribution /,
  /^\[(reconnection-grace-time|AgentHost:remote|AccountPolicyGate)\]/,
  // Native parts that are not compiled, and nothing depends on.
  /^Error: Could not locate the bindings file\. Tried:\n[^]*spdlog\.node/,
  /^Cannot find module '\.\/build\/Release\/watchdog'/,
  // Sign-in to an account that no test has.
  /^Timed out waiting for authentication provider 'github'/,
  // The workbench ends its own work when the suite is over.
  /^(Error: )?Canceled(: Canceled)*(\n|$)/,
];

/** Tells whether a console message of the workbench is known to be meaningless. */
export function isNoise(message: string): boolean {
  return noise.some((pattern) => pattern.test(message));
}
