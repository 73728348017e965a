/** The message of the line that a program logs once others can reach it. */
export const readyMessage = 'ready'
