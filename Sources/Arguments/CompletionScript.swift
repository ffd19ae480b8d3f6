/// The shells for which there is a completion script.
package enum Shell: String, CaseIterable, Sendable {
    case bash, zsh, fish
}

/// A script that asks the program itself (`PROGRAM __complete WORD…`) what can follow, so that it never goes stale.
package func completionScript(for shell: Shell, program: String) -> String {
    let template =
        switch shell {
        case .bash: bashScript
        case .zsh: zshScript
        case .fish: fishScript
        }
    return template.split(separator: "PROGRAM", omittingEmptySubsequences: false).joined(separator: program)
}

/// Bash parts words at `=` and `:` too; the words are put together again before they are sent,
/// and what stands before the last such break is cut from the answers.
private let bashScript = #"""
    # bash completion for PROGRAM: source <(PROGRAM completion bash)
    _PROGRAM_complete() {
        local line=${COMP_LINE:0:COMP_POINT} current lines word help
        local -a words
        read -r -a words <<<"$line"
        [[ $line == *[[:space:]] ]] && words+=("")
        current=${words[${#words[@]}-1]}
        COMPREPLY=()
        mapfile -t lines < <("${words[0]}" __complete -- "${words[@]:1}" 2>/dev/null)
        local cut=""
        [[ $current == *[=:]* && ${COMP_WORDBREAKS} == *[=:]* ]] && cut=${current%"${current##*[=:]}"}
        case ${lines[0]-} in
        :files) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "${current#"$cut"}"); return ;;
        :directories) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "${current#"$cut"}"); return ;;
        esac
        for word in "${lines[@]}"; do
            word=${word%%$'\t'*}
            COMPREPLY+=("${word#"$cut"}")
        done
        [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=.] ]] && compopt -o nospace
        return 0
    }
    complete -F _PROGRAM_complete PROGRAM

    """#

private let zshScript = #"""
    #compdef PROGRAM
    # zsh completion for PROGRAM: PROGRAM completion zsh > "${fpath[1]}/_PROGRAM", or: source <(PROGRAM completion zsh)
    _PROGRAM() {
        local -a lines described open
        local line word help
        lines=("${(@f)$("${words[1]}" __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
        case ${lines[1]-} in
        (:files) [[ $PREFIX == --*=* ]] && compset -P '*='; _files; return ;;
        (:directories) [[ $PREFIX == --*=* ]] && compset -P '*='; _files -/; return ;;
        esac
        for line in "${lines[@]}"; do
            [[ -z $line ]] && continue
            word=${line%%$'\t'*} help=${line#*$'\t'}
            if [[ $word == *[.=] ]]; then open+=("${word//:/\\:}:$help"); else described+=("${word//:/\\:}:$help"); fi
        done
        # What goes on, such as pilot. or pilot.image=, gets no space behind it.
        (( ${#open} )) && _describe -t values PROGRAM open -S ''
        (( ${#described} )) && _describe -t values PROGRAM described
    }
    if [[ ${funcstack[1]-} == _PROGRAM ]]; then
        _PROGRAM "$@"
    else
        compdef _PROGRAM PROGRAM
    fi

    """#

private let fishScript = #"""
    # fish completion for PROGRAM: PROGRAM completion fish > ~/.config/fish/completions/PROGRAM.fish
    function __PROGRAM_complete
        set -l words (commandline -opc) (commandline -ct)
        set -l lines ($words[1] __complete -- $words[2..-1] 2>/dev/null)
        set -l current (commandline -ct)
        switch "$lines[1]"
            case ':files'
                __fish_complete_path $current
            case ':directories'
                __fish_complete_directories $current
            case '*'
                printf '%s\n' $lines
        end
    end
    complete -c PROGRAM -f -a '(__PROGRAM_complete)'

    """#
