-- name: append
select provenance.append(%(home)s, %(at)s, %(subjects)s, %(ns)s, %(kinds)s, %(bodies)s, %(salts)s, %(leaves)s)

-- name: next_n
select provenance.next_n(%(home)s, %(subject)s)
