-- The pupils enrolled during the school year, each with the last enrollment and what the year brought.
WITH enrolled AS (
    SELECT *
    FROM schools.enrollments
    WHERE school_year = getvariable('period')
    QUALIFY row_number() OVER (PARTITION BY pupil_id ORDER BY entry_date DESC) = 1
),
-- A pupil with two numbers in one year has one year all the same: the district joins them by its own list of pairs.
of_year AS (
    SELECT person, pupil_years.*
    FROM schools.pupil_years
    JOIN schools.pupils USING (pupil_id)
    WHERE school_year = getvariable('period')
),
absent AS (
    SELECT person, sum(days_absent) AS days
    FROM schools.attendance
    JOIN schools.pupils USING (pupil_id)
    WHERE school_year = getvariable('period')
    GROUP BY person
),
incidents AS (
    SELECT person, count(*) AS incidents
    FROM schools.discipline
    JOIN schools.pupils USING (pupil_id)
    WHERE school_year = getvariable('period')
    GROUP BY person
)
SELECT pupils.person,
       pupils.mistakes,
       pupils.pupil_id,
       pupils.first_name,
       pupils.middle_name,
       pupils.last_name,
       pupils.suffix,
       pupils.birth_date,
       pupils.sex,
       pupils.street,
       pupils.city,
       pupils.zip,
       pupils.guardian_name,
       pupils.guardian_phone,
       enrolled.school,
       enrolled.grade,
       strftime(enrolled.entry_date, '%m/%d/%Y') AS entry_date,
       of_year.nighttime_residence,
       pupils.race_ethnicity,
       pupils.home_language,
       CASE WHEN of_year.special_education THEN 'Y' ELSE 'N' END AS special_education,
       coalesce(absent.days, 0) AS days_absent,
       coalesce(incidents.incidents, 0) AS discipline_incidents
FROM enrolled
JOIN schools.pupils USING (pupil_id)
JOIN of_year USING (person)
LEFT JOIN absent USING (person)
LEFT JOIN incidents USING (person)
