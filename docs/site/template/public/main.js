// Blocks without a language are commands and their output: none is guessed for them.
export default {
  configureHljs: hljs => hljs.configure({ languages: [] }),
}
