# Sourced by make-dev-certs and make-test-certs: a small authority on the openssl command.
# Everything is made in the folder the script stands in; keys are P-256 and of mode 0400.

umask 077
export LC_ALL=C
unset OPENSSL_CONF

# openssl says much even when all is well; shown only when it fails.
quietly() {
    if ! "$@" >>openssl.log 2>&1; then
        echo "failed: $*" >&2
        tail -n 5 openssl.log >&2
        exit 1
    fi
}

# new_key FILE [genpkey options]
new_key() {
    new_key_file=$1
    shift
    [ $# -gt 0 ] || set -- -algorithm EC -pkeyopt ec_paramgen_curve:P-256
    quietly openssl genpkey "$@" -out "$new_key_file"
    chmod 0400 "$new_key_file"
}

# new_authority FOLDER NAME: a self-signed root with its books
new_authority() {
    open_books "$1"
    new_key "$1/ca.key"
    CA=$1 SAN='' quietly openssl req -x509 -new -config "$cnf" -extensions root -days 3650 \
        -subj "/O=Stafett/CN=$2" -key "$1/ca.key" -out "$1/ca.pem"
}

open_books() {
    mkdir -p "$1/issued"
    : >"$1/index.txt"
    openssl rand -hex 12 | sed 's/^./1/' | tr a-f A-F >"$1/serial"
    echo 01 >"$1/crlnumber"
}

# issue FOLDER NAME SECTION SAN [openssl ca options]: NAME.pem for NAME.key, which is made if need be
issue() {
    issue_ca=$1 issue_name=$2 issue_section=$3 issue_san=$4
    shift 4
    [ -e "$issue_name.key" ] || new_key "$issue_name.key"
    CA=$issue_ca SAN=$issue_san quietly openssl req -new -config "$cnf" \
        -subj "/O=Stafett/CN=$issue_name" -key "$issue_name.key" -out "$issue_name.csr"
    CA=$issue_ca SAN=$issue_san quietly openssl ca -batch -notext -config "$cnf" \
        -extensions "$issue_section" -in "$issue_name.csr" -out "$issue_name.pem" "$@"
    rm -f "$issue_name.csr"
}

# revoke FOLDER CERTIFICATE
revoke() {
    CA=$1 SAN='' quietly openssl ca -config "$cnf" -revoke "$2"
}

# list FOLDER FILE [openssl ca options]: the revocation list as the books stand
list() {
    list_ca=$1 list_file=$2
    shift 2
    CA=$list_ca SAN='' quietly openssl ca -config "$cnf" -gencrl -out "$list_file" "$@"
}
