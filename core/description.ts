const maxLength = 200;

/** What is wrong with a credential's description, or null. It is shown in terminals, so it must not steer them. */
export function descriptionFault(description: string): string | null {
  if ([...description].length > maxLength) {
    return `the description is longer than ${maxLength} characters`;
  }
  return /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(description)
    ? "the description has line breaks or other control characters in it"
    : null;
}
