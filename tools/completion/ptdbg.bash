# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# bash completion for ptdbg.  What there is, is asked of the program itself:
# "ptdbg --help" and "ptdbg COMMAND --help".

# The values in a help text: "one of: a b c", or "a, b (what it is) or c"
_ptdbg_list()
{
	local text=$1 words
	local list='^([[:alnum:]._-]+(, [[:alnum:]._-]+)* or [[:alnum:]._-]+)'

	while [[ $text =~ ^(.*)\([^()]*\)(.*)$ ]]; do
		text=${BASH_REMATCH[1]}${BASH_REMATCH[2]}
	done
	read -ra words <<<"$text"
	text=${words[*]}
	text=${text// ,/,}
	if [[ $text == *"one of: "* ]]; then
		echo "${text#*one of: }"
	elif [[ $text =~ $list ]]; then
		text=${BASH_REMATCH[1]/ or / }
		echo "${text//,/}"
	fi
}

# What goes with an option or as an argument: its name in the help, the text there
_ptdbg_values()
{
	local cur=$3

	case $1 in
	DIR)	compgen -d -- "$cur" ;;
	FILE)	compgen -f -- "$cur" ;;
	PID)	compgen -W "$(cd /proc && echo [0-9]*)" -- "$cur" ;;
	TERMS)	compgen -W "comm= pid= addr= type= user kernel bad" -- "$cur" ;;
	*)	compgen -W "$(_ptdbg_list "$2")" -- "$cur" ;;
	esac
}

# The value of a filter term
_ptdbg_term()
{
	case $1 in
	type)	compgen -W "fault gup sig oops free" -- "$2" ;;
	pid)	_ptdbg_values PID "" "$2" ;;
	esac
}

_ptdbg()
{
	local program=${COMP_WORDS[0]} cur=${COMP_WORDS[COMP_CWORD]}
	local prev=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
	local help line usage='' value='' text='' longs='--help' i
	local option='^ +((-[A-Za-z]), )?(--[a-z0-9-]+)( ([A-Z]+))? *(.*)$'

	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		help=$("$program" --help 2>/dev/null | sed -n 's/^  \([a-z]*\) .*/\1/p')
		mapfile -t COMPREPLY < <(compgen -W "$help --help" -- "$cur")
		return
	fi
	for ((i = 2; i < COMP_CWORD; i++)); do
		# behind "--" is the command that is recorded
		[[ ${COMP_WORDS[i]} == -- ]] || continue
		# or options of a report
		if [[ $command == dump ]]; then
			command=report
			[[ $prev != -- ]] || prev=
			break
		fi
		if ((i + 1 == COMP_CWORD)); then
			mapfile -t COMPREPLY < <(compgen -c -- "$cur")
		else
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		fi
		return
	done
	# readline takes "type=fault" for three words
	if [[ $cur == = ]]; then
		mapfile -t COMPREPLY < <(_ptdbg_term "$prev" "")
		return
	elif [[ $prev == = ]]; then
		mapfile -t COMPREPLY < <(_ptdbg_term "${COMP_WORDS[COMP_CWORD - 2]}" "$cur")
		return
	fi
	help=$("$program" "$command" --help 2>/dev/null) || return
	i=
	while IFS= read -r line; do
		if [[ $line == usage:* || $line == "       ptdbg "* ]]; then
			usage+=" $line "
		elif [[ $line =~ $option ]]; then
			longs+=" ${BASH_REMATCH[3]}"
			i=
			if [[ $prev == "${BASH_REMATCH[3]}" || $prev == "${BASH_REMATCH[2]:---}" ]]; then
				i=this
				value=${BASH_REMATCH[5]}
				text=${BASH_REMATCH[6]}
			fi
		elif [[ $i && $line == " "* ]]; then
			text+=" $line"
		else
			i=
		fi
	done <<<"$help"
	if [[ $value ]]; then
		mapfile -t COMPREPLY < <(_ptdbg_values "$value" "$text" "$cur")
		[[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
	elif [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$longs" -- "$cur")
	else
		# arguments that are no options, as the usage has them
		[[ ! $usage =~ [^A-Z]PID[^A-Z] ]] || text+=$(_ptdbg_values PID "" "$cur")$'\n'
		[[ ! $usage =~ [^A-Z]DIR[^A-Z] ]] || text+=$(_ptdbg_values DIR "" "$cur")$'\n'
		[[ ! $usage =~ [^A-Z]FILE[^A-Z] ]] || text+=$(_ptdbg_values FILE "" "$cur")$'\n'
		[[ $usage != *" kernel "* ]] || text+=$(compgen -W kernel -- "$cur")$'\n'
		mapfile -t COMPREPLY < <(sed '/^$/d' <<<"$text")
	fi
}

complete -o filenames -F _ptdbg ptdbg
