/** Why a command could not run: a wrong argument, a file that is not there. Printed without a stack; exit code 2. */
export class CannotRun extends Error {}
