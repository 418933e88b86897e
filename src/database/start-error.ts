/** Why the service cannot start, in words for the person at the terminal: no stack trace is shown with it. */
export class StartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StartError';
  }
}
