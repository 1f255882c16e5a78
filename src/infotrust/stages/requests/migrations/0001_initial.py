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
            name='DataRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='number')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Checked for completeness'), ('returned', 'Returned with questions'), ('in_review', 'With the custodians'), ('awaiting_decision', 'Awaiting the decision'), ('granted', 'Granted'), ('licensed', 'Licensed'), ('refused', 'Not granted'), ('withdrawn', 'Withdrawn')], default='draft', max_length=20, verbose_name='state')),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='title')),
                ('answers', models.JSONField(default=dict)),
                ('prefilled', models.JSONField(default=dict)),
                ('origin', models.CharField(blank=True, max_length=80)),
                ('round', models.PositiveIntegerField(default=0)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=2000, verbose_name='why it ended')),
            ],
            options={
                'verbose_name': 'data request',
                'verbose_name_plural': 'data requests',
                'ordering': ('-begun_at', '-pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'returned', 'in_review', 'awaiting_decision', 'granted', 'licensed', 'refused', 'withdrawn'])), name='requests_state_known'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'returned', 'withdrawn']), models.Q(models.Q(('digest', ''), _negated=True), ('submitted_at__isnull', False)), _connector='OR'), name='requests_submitted_is_fixed'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state__in', ['refused', 'withdrawn', 'licensed'])), models.Q(models.Q(('state__in', ['refused', 'withdrawn', 'licensed']), _negated=True), ('closed_at__isnull', True)), _connector='OR'), name='requests_closed_since'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['refused', 'withdrawn']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='requests_end_says_why')],
            },
        ),
        migrations.CreateModel(
            name='SavedSection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='saved', to='requests.datarequest')),
                ('section', models.CharField(max_length=40)),
                ('version', models.PositiveIntegerField()),
                ('window', models.CharField(blank=True, max_length=40)),
                ('answers', models.JSONField(default=dict)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'saved section',
                'ordering': ('request', 'section', '-version'),
                'constraints': [models.UniqueConstraint(fields=('request', 'section', 'version'), name='requests_saved_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='requests.datarequest')),
                ('round', models.PositiveIntegerField()),
                ('answers', models.JSONField(default=dict)),
                ('papers', models.JSONField(default=list)),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'submission',
                'ordering': ('request', '-round'),
                'constraints': [models.UniqueConstraint(fields=('request', 'round'), name='requests_submission_once')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='requests.datarequest')),
                ('tag', models.CharField(choices=[('consent_form', 'Consent form'), ('board_review', 'IRB or state committee (CPHS) review'), ('dua', 'Data use agreement'), ('security_letter', 'Security letter'), ('release_letter', 'Department’s release letter'), ('support_letter', 'Support letter'), ('bill_of_rights', 'Bill of rights for people in the study'), ('other', 'Something else')], max_length=20)),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=4)),
                ('size', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('content', models.BinaryField(blank=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('added_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'attachment',
                'ordering': ('added_at', 'id'),
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['pdf', 'docx'])), name='requests_attachment_kind_known'), models.CheckConstraint(condition=models.Q(('tag__in', ['consent_form', 'board_review', 'dua', 'security_letter', 'release_letter', 'support_letter', 'bill_of_rights', 'other'])), name='requests_attachment_tag_known')],
            },
        ),
        migrations.CreateModel(
            name='Answered',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answered', to='requests.datarequest')),
                ('part', models.CharField(choices=[('custodian', 'Custodian'), ('board', 'Governing board')], max_length=12)),
                ('round', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('outcome', models.CharField(choices=[('support', 'Supports it'), ('changes', 'Asks for changes'), ('against', 'Is against it')], max_length=12)),
                ('rubric', models.JSONField(default=dict)),
                ('comment', models.TextField(blank=True)),
                ('conditions', models.TextField(blank=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'answer to a request',
                'ordering': ('round', 'at', 'id'),
                'constraints': [models.UniqueConstraint(fields=('request', 'part', 'round', 'agency'), name='requests_one_answer'), models.CheckConstraint(condition=models.Q(('outcome__in', ['support', 'changes', 'against'])), name='requests_outcome_known'), models.CheckConstraint(condition=models.Q(('outcome', 'support'), models.Q(('comment', ''), _negated=True), _connector='OR'), name='requests_objection_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='requests.datarequest')),
                ('section', models.CharField(blank=True, max_length=40)),
                ('text', models.TextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'comment',
                'ordering': ('at', 'id'),
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='requests_comment_says_something')],
            },
        ),
        migrations.CreateModel(
            name='License',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, verbose_name='number')),
                ('version', models.PositiveIntegerField(default=1)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='licenses', to='requests.datarequest')),
                ('state', models.CharField(choices=[('issued', 'Waiting to be acknowledged'), ('in_force', 'In force'), ('replaced', 'Replaced by a newer version'), ('ended', 'Ended'), ('revoked', 'Revoked'), ('closed', 'Closed: destroyed, with a certificate')], default='issued', max_length=20, verbose_name='state')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('agreements', models.JSONField(default=list)),
                ('purposes', models.JSONField(default=list)),
                ('uses', models.JSONField(default=list)),
                ('fields', models.JSONField(default=list)),
                ('conditions', models.JSONField(default=list)),
                ('environment', models.TextField()),
                ('outputs', models.TextField()),
                ('publication', models.TextField()),
                ('destruction', models.TextField()),
                ('starts_on', models.DateField(verbose_name='begins on')),
                ('ends_on', models.DateField(verbose_name='ends on')),
                ('destroy_on', models.DateField(verbose_name='destroyed by')),
                ('text', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('issued_at', models.DateTimeField()),
                ('in_force_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('end_reason', models.CharField(blank=True, max_length=400)),
            ],
            options={
                'verbose_name': 'license',
                'verbose_name_plural': 'licenses',
                'ordering': ('code', '-version'),
                'constraints': [models.UniqueConstraint(fields=('code', 'version'), name='requests_license_version_once'), models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('code',), name='requests_one_version_in_force'), models.CheckConstraint(condition=models.Q(('state__in', ['issued', 'in_force', 'replaced', 'ended', 'revoked', 'closed'])), name='requests_license_state_known'), models.CheckConstraint(condition=models.Q(('destroy_on__gte', models.F('ends_on')), ('ends_on__gte', models.F('starts_on'))), name='requests_license_dates'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'in_force'), _negated=True), ('in_force_at__isnull', False), _connector='OR'), name='requests_license_in_force_since'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'revoked'), _negated=True), models.Q(models.Q(('end_reason', ''), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='requests_revoked_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Licensed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('license', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='requests.license')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True)),
                ('acknowledged_digest', models.CharField(blank=True, max_length=64)),
                ('trained_until', models.DateField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'person named by a license',
                'ordering': ('person__name', 'id'),
                'constraints': [models.UniqueConstraint(fields=('license', 'person'), name='requests_named_once'), models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_at__isnull', True), ('acknowledged_digest', '')), models.Q(models.Q(('acknowledged_digest', ''), _negated=True), ('acknowledged_at__isnull', False), ('trained_until__isnull', False)), _connector='OR'), name='requests_acknowledged_what_and_when')],
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('license', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='certificate', to='requests.license')),
                ('what', models.TextField()),
                ('method', models.TextField()),
                ('destroyed_on', models.DateField()),
                ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signed_at', models.DateTimeField()),
                ('digest', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name': 'destruction certificate',
                'verbose_name_plural': 'destruction certificates',
            },
        ),
    ]
