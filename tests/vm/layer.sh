# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# What tests of the layer in libvirt share: the daemon, with it and without it.

# shellcheck disable=SC2034
layer=/usr/lib/apmatrix/libvirt
# shellcheck disable=SC2034
helper=/usr/lib/apmatrix/apmatrix-libvirt
# shellcheck disable=SC2034
variants=/usr/lib/apmatrix/tests/libvirt

device() { echo "mdev_${1//-/_}_matrix"; }
daemon() { systemctl show -P MainPID libvirtd; }
answers() { virsh -q -c nodedev:///system nodedev-list --cap ap_matrix; }

# daemon_start: libvirtd anew, until it answers.
daemon_start() {
	systemctl reset-failed libvirtd
	systemctl restart libvirtd
	wait_for 90 answers
}

# with_layer: the daemon that runs has the layer in it.
with_layer() { grep -q "$layer/apmatrix-layer.so" "/proc/$(daemon)/maps"; }
without_layer() { ! with_layer; }

# ours UUID CONTENT: node device XML, as people write it
ours() {
	printf "<device><name>%s</name><parent>ap_matrix</parent><capability type='mdev'><type id='vfio_ap-passthrough'/><uuid>%s</uuid>%s</capability></device>" \
		"$(device "$1")" "$1" "$2"
}
matrix_of() { echo "<ap:matrix xmlns:ap='urn:apmatrix:xml:1'>$1</ap:matrix>"; }

# refuse TEXT REGEX CONTENT: no definition comes of it
refuse() {
	ours c0de0000-0000-4000-8000-00000000000c "$3" >bad.xml
	refused "$1" "$2" virsh nodedev-define bad.xml
}
blanks() { head -c "$1" /dev/zero | tr '\0' ' '; }
adapters() { yes "<ap:adapter id='5'/>" | head -n "$1"; }

# refusals: what nobody should send, in the present directory
refusals() {
	local before
	before=$(ls /etc/mdevctl.d/matrix)
	refuse 'a wrong namespace' 'XML error: .*not in the namespace urn:apmatrix:xml:1' "<x:matrix xmlns:x='urn:other'/>"
	refuse 'no namespace' 'XML error: .*not in the namespace' '<matrix/>'
	refuse 'a contradiction' 'XML error: .*contradict' "<attr name='assign_adapter' value='9'/>$(matrix_of "<ap:adapter id='5'/>")"
	refuse 'no product' 'XML error: .*missing: 05.0005 06.0004' "$(matrix_of "<ap:apqn id='05.0004'/><ap:apqn id='06.0005'/>")"
	refuse 'an id out of range' 'XML error: .*256' "$(matrix_of "<ap:adapter id='256'/>")"
	refuse 'a typo' "XML error: .*did you mean <ap:adapter>" "$(matrix_of "<ap:adaptor id='5'/>")"
	refuse 'an attribute out of range' 'XML error: .*300' "<attr name='assign_adapter' value='300'/>"
	refuse 'an unknown attribute' 'XML error: .*assign_adaptor' "<attr name='assign_adaptor' value='3'/>"
	refuse '10 MB' 'error: ' "$(blanks 10000000)$(matrix_of "<ap:adapter id='5'/>")"
	refuse '4 MB of elements, the last one wrong' 'XML error: .*257' "$(matrix_of "$(adapters 180000)<ap:adapter id='257'/>")"
	refuse 'a deep nesting' 'error: ' "$(matrix_of "$(yes '<ap:adapter>' | head -n 5000)")"
	{
		echo '<!DOCTYPE device [<!ENTITY x "assign_adapter">]>'
		ours c0de0000-0000-4000-8000-00000000000c "<attr name='&x;' value='5'/>$(matrix_of "<ap:adapter id='5'/>")"
	} >bad.xml
	refused 'a document type' 'error: ' virsh nodedev-define bad.xml
	is "$before" "$(ls /etc/mdevctl.d/matrix)" 'nothing was defined'
}
