# SPDX-License-Identifier: LGPL-2.1-or-later
# zsh -f complete.zsh LINE [DIRECTORY]: all that an interactive zsh shows after LINE and two tabs;
# with completions of DIRECTORY, too.
zmodload zsh/zpty
zpty -b shell "PS1='' TERM=dumb COLUMNS=100 zsh -f -i"

# quiet SECONDS: what the shell says until it has said nothing for so long, once it has begun
quiet() {
	local part
	integer idle=0 all=0
	while ((idle < $1 * 20 && all < 1200)); do
		if zpty -r -t shell part; then
			print -rn -- "$part"
			idle=1
		else
			((idle)) && ((idle++))
			((all++))
			sleep 0.05
		fi
	done
}

zpty -w shell "fpath=(${2-} \$fpath); autoload -U compinit; compinit -u -D; LISTMAX=10000; print rea''dy"
until zpty -r -t shell part && [[ $part == *ready* ]]; do sleep 0.05; done
quiet 0.5 >/dev/null
zpty -w -n shell "$1"$'\t\t'
quiet 2
zpty -d shell
