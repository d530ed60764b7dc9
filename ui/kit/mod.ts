/**
 * What pages are made of, for the app's own and for those of plugins: routes,
 * answers, forms, and names, times and states as all pages show them.
 *
 * @module
 */
export { median } from "../histogram.ts";
export { Copyable } from "./copyable.tsx";
export {
  Choice,
  Field,
  FormFault,
  PostForm,
  readPageForm,
  readPageUpload,
  type Typed,
  typedValues,
  untouched,
} from "./form.tsx";
export { OnceField, onceId } from "./once.tsx";
export { page, readerOf } from "./page_route.ts";
export { pageHeaders } from "./page_headers.ts";
export { answerPage, seeOther } from "./respond.tsx";
export { Labels, RunTable } from "./run_table.tsx";
export { sizeText } from "./size.ts";
export { State, stateSign } from "./state.tsx";
export { isSafeHref, Name, OutLink, visible } from "./text.tsx";
export { duration, relative, Time } from "./time.tsx";
