/** A part of a language's file: vite.config.ts says which groups are in it. */
declare module "*.json?first" {
  const words: Record<string, unknown>;
  export default words;
}
declare module "*.json?later" {
  const words: Record<string, unknown>;
  export default words;
}
