/** A file to open: by its path on this machine, or as bytes that a page was handed (dropped, pasted, chosen in a browser). */
export type FileSource =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'bytes'; readonly name: string; readonly bytes: Uint8Array }
