/** Arguments that cannot be used; the message says why. Ends the command with exit code 2. */
export class UsageError extends Error {}
