import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Partnership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('about', models.TextField(blank=True, verbose_name='what it is about')),
                ('configuration', models.CharField(choices=[('one_program', 'Within one program'), ('two_programs', 'Between programs of one agency'), ('two_agencies', 'Between agencies')], max_length=20, verbose_name='between whom')),
                ('state', models.CharField(choices=[('talking', 'Just talking'), ('feasible', 'Feasible'), ('not_yet', 'Not yet'), ('closed', 'Closed')], default='talking', max_length=20, verbose_name='state')),
                ('facilitator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('reconvene_on', models.DateField(blank=True, null=True, verbose_name='the partners meet again on')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_because', models.CharField(blank=True, max_length=400, verbose_name='why it was closed')),
            ],
            options={
                'verbose_name': 'partnership',
                'verbose_name_plural': 'partnerships',
                'ordering': ('-opened_at', '-pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['talking', 'feasible', 'not_yet', 'closed'])), name='readiness_state_known'), models.CheckConstraint(condition=models.Q(('configuration__in', ['one_program', 'two_programs', 'two_agencies'])), name='readiness_configuration_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'not_yet'), _negated=True), ('reconvene_on__isnull', False), _connector='OR'), name='readiness_not_yet_has_a_day'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('state', 'closed')), models.Q(('closed_because', ''), _negated=True)), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at__isnull', True), ('closed_by__isnull', True)), _connector='OR'), name='readiness_closed_who_when_why')],
            },
        ),
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='partners', to='readiness.partnership')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('program', models.CharField(blank=True, max_length=200, verbose_name='program')),
                ('contributes', models.BooleanField(default=True, verbose_name='contributes data')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'partner',
                'verbose_name_plural': 'partners',
                'ordering': ('id',),
                'constraints': [models.UniqueConstraint(fields=('partnership', 'agency', 'program'), name='readiness_partner_once')],
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='readiness.partnership')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='readiness.partner')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('title', models.CharField(blank=True, max_length=150, verbose_name='title')),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('left_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.UniqueConstraint(fields=('partnership', 'user'), name='readiness_member_of_one')],
            },
        ),
        migrations.CreateModel(
            name='ActivityRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='activities', to='readiness.partnership')),
                ('key', models.CharField(max_length=10)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('status', models.CharField(choices=[('to_do', 'To do'), ('done', 'Done'), ('skipped', 'Skipped')], default='to_do', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=400, verbose_name='reason')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('key',),
                'constraints': [models.UniqueConstraint(fields=('partnership', 'key'), name='readiness_activity_once'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'skipped'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='readiness_skipped_says_why'), models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='readiness_activity_has_title')],
            },
        ),
        migrations.CreateModel(
            name='Guide',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guides', to='readiness.partnership')),
                ('round', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('answering', 'Each partner answers by itself'), ('open', 'Side by side'), ('concluded', 'Concluded')], default='answering', max_length=20)),
                ('opens', models.CharField(choices=[('by_itself', 'By itself, when the last partner has handed in'), ('by_facilitator', 'By the facilitator, once every partner has handed in')], default='by_itself', max_length=20, verbose_name='laid side by side')),
                ('met_on', models.DateField(blank=True, null=True, verbose_name='day of the meeting')),
                ('attendees', models.TextField(blank=True, verbose_name='who took part')),
                ('joint', models.JSONField(blank=True, default=dict)),
                ('reflection', models.TextField(blank=True, verbose_name='what we make of it')),
                ('next_steps', models.TextField(blank=True, verbose_name='next steps')),
                ('verdict', models.CharField(blank=True, max_length=20)),
                ('version', models.PositiveIntegerField(default=1)),
                ('begun_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('concluded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('concluded_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('partnership', 'round'),
                'constraints': [models.UniqueConstraint(fields=('partnership', 'round'), name='readiness_guide_round_once'), models.UniqueConstraint(condition=models.Q(('state', 'concluded'), _negated=True), fields=('partnership',), name='readiness_one_guide_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('opened_at__isnull', True), ('state', 'answering')), models.Q(models.Q(('state', 'answering'), _negated=True), ('opened_at__isnull', False)), _connector='OR'), name='readiness_guide_opened_when'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'concluded'), ('verdict__in', ['feasible', 'not_yet'])), models.Q(models.Q(('state', 'concluded'), _negated=True), ('verdict', '')), _connector='OR'), name='readiness_guide_verdict')],
            },
        ),
        migrations.CreateModel(
            name='Sheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('guide', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sheets', to='readiness.guide')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='readiness.partner')),
                ('version', models.PositiveIntegerField(default=1)),
                ('handed_in_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('handed_in_at', models.DateTimeField(blank=True, null=True)),
                ('view', models.CharField(blank=True, choices=[('go_on', 'Go on: let us write a use case'), ('not_yet', 'Not yet: something stands in the way')], max_length=20)),
                ('view_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('partner_id',),
                'constraints': [models.UniqueConstraint(fields=('guide', 'partner'), name='readiness_sheet_once')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='readiness.sheet')),
                ('item', models.CharField(max_length=20)),
                ('place', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('comment', models.TextField(blank=True)),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.UniqueConstraint(fields=('sheet', 'item'), name='readiness_answer_once'), models.CheckConstraint(condition=models.Q(('place__isnull', True), ('place__lte', 5), _connector='OR'), name='readiness_answer_on_the_line')],
            },
        ),
        migrations.CreateModel(
            name='Barrier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='barriers', to='readiness.sheet')),
                ('item', models.CharField(max_length=20)),
                ('kind', models.CharField(max_length=20)),
                ('words', models.CharField(max_length=500)),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='readiness_barrier_says_what')],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='readiness.partnership')),
                ('barrier', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='task', to='readiness.barrier')),
                ('words', models.CharField(max_length=500, verbose_name='what is to be done')),
                ('partner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='readiness.partner')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('due_on', models.DateField(null=True, verbose_name='due on')),
                ('state', models.CharField(choices=[('open', 'Open'), ('done', 'Done'), ('dropped', 'No longer needed')], default='open', max_length=10)),
                ('outcome', models.CharField(blank=True, max_length=500, verbose_name='what came of it')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('due_on', 'id'),
                'constraints': [models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='readiness_task_says_what'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'open'), _negated=True), models.Q(('due_on__isnull', False), ('partner__isnull', False), ('person__isnull', False)), _connector='OR'), name='readiness_open_task_has_owner_and_day'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('state', 'open')), models.Q(models.Q(('settled_at__isnull', False)), models.Q(('state', 'open'), _negated=True), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='readiness_task_settled_with_outcome')],
            },
        ),
        migrations.CreateModel(
            name='Goal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='goals', to='readiness.partnership')),
                ('words', models.CharField(max_length=500)),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='readiness_goal_says_what')],
            },
        ),
        migrations.CreateModel(
            name='GoalQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='readiness.goal')),
                ('words', models.CharField(max_length=500)),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='readiness_question_says_what')],
            },
        ),
        migrations.CreateModel(
            name='Need',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='needs', to='readiness.goalquestion')),
                ('words', models.CharField(max_length=300)),
                ('find', models.CharField(blank=True, max_length=300)),
                ('dataset', models.SlugField(blank=True, max_length=60)),
                ('field', models.CharField(blank=True, max_length=63)),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('dataset', ''), ('field', '')), models.Q(models.Q(('dataset', ''), _negated=True), models.Q(('field', ''), _negated=True)), _connector='OR'), name='readiness_need_names_both'), models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='readiness_need_says_what')],
            },
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partner', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='assessment', to='readiness.partner')),
                ('levels', models.JSONField(default=dict)),
                ('notes', models.JSONField(default=dict)),
                ('help_needed', models.TextField(blank=True, verbose_name='where we want help')),
                ('version', models.PositiveIntegerField(default=1)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ('partner_id',),
            },
        ),
        migrations.CreateModel(
            name='Remedy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remedies', to='readiness.assessment')),
                ('area', models.CharField(max_length=20)),
                ('kind', models.CharField(choices=[('task', 'Somebody takes care of it'), ('funding', 'It takes money that we have to find'), ('swap', 'Another partner does it for us')], max_length=10)),
                ('words', models.CharField(max_length=500)),
                ('task', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remedy', to='readiness.task')),
                ('taken_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='readiness.partner')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.UniqueConstraint(fields=('assessment', 'area'), name='readiness_remedy_once'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'task'), ('taken_by__isnull', True), ('task__isnull', False)), models.Q(('kind', 'swap'), ('taken_by__isnull', False), ('task__isnull', True)), models.Q(('kind', 'funding'), ('taken_by__isnull', True), ('task__isnull', True)), _connector='OR'), name='readiness_remedy_is_one_kind')],
            },
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='readiness.partnership')),
                ('kind', models.CharField(choices=[('goals', 'Goals statement'), ('use-case', 'Use case'), ('plan', 'Management plan'), ('worksheet', 'Data sharing worksheet')], max_length=20)),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('signing', 'For sign-off'), ('final', 'Signed off'), ('withdrawn', 'Withdrawn')], default='draft', max_length=20)),
                ('version', models.PositiveIntegerField(default=0)),
                ('final_version', models.PositiveIntegerField(blank=True, null=True)),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'paper',
                'verbose_name_plural': 'papers',
                'ordering': ('kind', 'number'),
                'constraints': [models.UniqueConstraint(fields=('kind', 'number'), name='readiness_paper_number_once'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'signing', 'final', 'withdrawn'])), name='readiness_paper_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'final'), _negated=True), ('final_version', models.F('version')), _connector='OR'), name='readiness_final_is_the_version')],
            },
        ),
        migrations.CreateModel(
            name='PaperVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='readiness.paper')),
                ('number', models.PositiveIntegerField()),
                ('content', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='what changed, in a few words')),
            ],
            options={
                'ordering': ('paper', 'number'),
                'constraints': [models.UniqueConstraint(fields=('paper', 'number'), name='readiness_paper_version_once')],
            },
        ),
        migrations.CreateModel(
            name='SignOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sign_offs', to='readiness.paperversion')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='readiness.partner')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('digest', models.CharField(max_length=64)),
            ],
            options={
                'ordering': ('at', 'id'),
                'constraints': [models.UniqueConstraint(fields=('version', 'partner'), name='readiness_sign_off_once')],
            },
        ),
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feedback', to='readiness.paper')),
                ('version', models.PositiveIntegerField()),
                ('partner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='readiness.partner')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('words', models.TextField()),
                ('reply', models.TextField(blank=True)),
                ('replied_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replied_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('at', 'id'),
                'constraints': [models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='readiness_feedback_says_what'), models.CheckConstraint(condition=models.Q(models.Q(('replied_at__isnull', True), ('replied_by__isnull', True), ('reply', '')), models.Q(models.Q(('replied_at__isnull', False), ('replied_by__isnull', False)), models.Q(('reply', ''), _negated=True)), _connector='OR'), name='readiness_reply_who_when_what')],
            },
        ),
    ]
