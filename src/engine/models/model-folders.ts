/** Several folders of models as one text, for the environment that a process is given. No path holds a NUL. */

export const modelFolders = (...folders: readonly string[]): string => folders.join('\0')

export const foldersOf = (modelsDir: string): readonly string[] => modelsDir.split('\0')
