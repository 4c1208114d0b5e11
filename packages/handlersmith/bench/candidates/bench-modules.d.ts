/** Validators compiled by Ajv while the candidates are bundled: see `build/validators.ts`. */
declare module 'bench:validate-item' {
  import type { ValidateFunction } from 'ajv';

  import type { NewItem } from '../job/item.ts';

  const validateItem: ValidateFunction<NewItem>;
  export default validateItem;
}
