/** Of a type, which is no value of anybody's: of a key it says that there is none left. */
export const lastNumber =
  /^(?:8388607|16777215|2147483647|4294967295|9223372036854775807|18446744073709551615)$/;
