/**
 * The page's policy wants every piece of HTML to be made by a trusted policy. The only one there is lets an element be emptied,
 * which Konva does to its container, and nothing else: no text ever becomes markup here.
 */
interface TrustedTypes {
  createPolicy(name: 'default', rules: { createHTML(html: string): string }): unknown
}

export function allowEmptyingOnly(): void {
  const { trustedTypes } = window as { trustedTypes?: TrustedTypes }
  trustedTypes?.createPolicy('default', {
    createHTML(html) {
      if (html === '') return html
      throw new TypeError('no text becomes markup in this page')
    },
  })
}
