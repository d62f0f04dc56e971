export const shells = ['bash', 'zsh', 'fish'] as const;

/**
 * A script for each shell. All that is known is asked of the program itself (`mxprobe completion words …`), so that a
 * script does not grow old; a line `:files` leaves the rest to the shell.
 */
export const scripts: Readonly<Record<(typeof shells)[number], string>> = {
  bash: `# Completes mxprobe in bash. Loaded by hand: source <(mxprobe completion bash)
_mxprobe() {
  local current=\${COMP_WORDS[COMP_CWORD]} line
  [[ $current == '=' ]] && current=
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
    else
      COMPREPLY+=("\${line%%$'\\t'*}")
    fi
  done < <("\${COMP_WORDS[0]}" completion words "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _mxprobe mxprobe
`,
  zsh: `#compdef mxprobe
# Completes mxprobe in zsh. Loaded by hand, after compinit: source <(mxprobe completion zsh)
_mxprobe() {
  local line
  local -a found
  for line in "\${(@f)$("\${words[1]}" completion words "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ $line == :files ]]; then
      _files
    elif [[ -n $line ]]; then
      found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    fi
  done
  (( $#found )) && _describe mxprobe found
}
if [[ $funcstack[1] == _mxprobe ]]; then _mxprobe "$@"; else compdef _mxprobe mxprobe; fi
`,
  fish: `# Completes mxprobe in fish. Loaded by hand: mxprobe completion fish | source
function __mxprobe_words
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] completion words $words[2..-1] "$current" 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path "$current"
        else
            echo $line
        end
    end
end
complete -c mxprobe -f -a '(__mxprobe_words)'
`,
};
