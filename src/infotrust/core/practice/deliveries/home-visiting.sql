-- The enrollments of the years that the organization keeps; visits to a family count for each of its twins.
WITH visited AS (
    SELECT caregiver_id, enrolled_on, count(*) AS visits
    FROM home_visiting.visits
    JOIN home_visiting.enrollments USING (enrollment_id)
    GROUP BY caregiver_id, enrolled_on
),
screened AS (
    SELECT caregiver_id, enrolled_on, arg_max(positive, screened_on) AS positive
    FROM home_visiting.screenings
    JOIN home_visiting.enrollments USING (enrollment_id)
    WHERE kind = 'depression'
    GROUP BY caregiver_id, enrolled_on
)
SELECT children.person,
       children.mistakes,
       enrollments.enrollment_id,
       children.first_name AS child_first,
       children.last_name AS child_last,
       children.birth_date AS child_birth_date,
       children.sex AS child_sex,
       children.mother_name,
       children.street AS address,
       children.city,
       children.zip,
       children.phone AS mother_phone,
       caregivers.email AS mother_email,
       enrollments.model,
       strftime(enrollments.enrolled_on, '%m-%d-%Y') AS enrolled_on,
       strftime(enrollments.ended_on, '%m-%d-%Y') AS ended_on,
       coalesce(visited.visits, 0) AS visits,
       CASE screened.positive WHEN 'Y' THEN 'pos' WHEN 'N' THEN 'neg' ELSE 'none' END AS depression_screen
FROM home_visiting.enrollments
JOIN home_visiting.children USING (child_id)
JOIN home_visiting.caregivers USING (caregiver_id)
LEFT JOIN visited USING (caregiver_id, enrolled_on)
LEFT JOIN screened USING (caregiver_id, enrolled_on)
WHERE enrollments.enrolled_on BETWEEN getvariable('home_visiting_since') AND getvariable('last')
