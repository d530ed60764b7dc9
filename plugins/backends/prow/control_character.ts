/** Whether a text holds characters that steer a terminal or end a C string instead of being shown. */
export function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
