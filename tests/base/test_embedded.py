import psycopg


def test_fixture_answers(admin_dsn: str) -> None:
    with psycopg.connect(admin_dsn) as connection:
        print(connection.execute("select version(), current_setting('shared_buffers')").fetchone())
