/** The package brings no types. */
declare module "asl-validator" {
  interface Validation {
    readonly isValid: boolean;
    errorsText(separator?: string): string;
  }
  function validate(definition: unknown): Validation;
  export = validate;
}
