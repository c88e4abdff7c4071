// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/parameter_field.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QDropEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>

namespace descent {

namespace {

constexpr std::size_t mostSegments = 4;

QString shown(const ParameterValue& value)
{
    return QString::fromStdString(format(value));
}

}

ParameterField::ParameterField(ParameterSchema schema, QWidget* parent)
    : QWidget{parent}, m_schema{std::move(schema)}, m_value{m_schema.defaultValue}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    auto* row = new QHBoxLayout;
    row->setSpacing(Theme::space2);
    const QString labelText = translated(m_schema.label);
    auto* label = new ElidedLabel{labelText};
    label->setProperty("role", "muted");
    label->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    label->setFixedWidth(labelWidth);
    const QString help = translated(m_schema.help);
    label->setToolTip(help);
    row->addWidget(label);
    m_control = makeControl();
    m_control->setToolTip(help);
    m_control->setAccessibleName(labelText);
    m_control->setAccessibleDescription(help);
    m_control->setObjectName(QString::fromStdString(m_schema.name));
    row->addWidget(m_control, 1);
    if (!m_schema.unit.empty()) {
        QLabel* unit = makeLabel(translated(m_schema.unit), "caption");
        row->addWidget(unit);
    }
    layout->addLayout(row);
    m_problem = makeLabel({}, "danger");
    m_problem->setWordWrap(true);
    m_problem->setContentsMargins(labelWidth + Theme::space2, 0, 0, Theme::space1);
    m_problem->hide();
    layout->addWidget(m_problem);
    m_show(m_value);
}

QWidget* ParameterField::makeControl()
{
    switch (m_schema.type) {
    case ParameterType::boolean: {
        auto* box = new QCheckBox;
        m_show = [box](const ParameterValue& value) { box->setChecked(std::get<bool>(value)); };
        connect(box, &QCheckBox::toggled, this, [this](bool on) { give(on); });
        return box;
    }
    case ParameterType::choice: {
        std::size_t letters = 0;
        for (const Choice& choice : m_schema.choices)
            letters += choice.label.size() + 3;
        return m_schema.choices.size() <= mostSegments && letters < 34 ? makeSegments() : makeChoice();
    }
    case ParameterType::path: return makePath();
    default: return makeLine();
    }
}

QWidget* ParameterField::makeChoice()
{
    auto* box = new QComboBox;
    for (const Choice& choice : m_schema.choices) {
        box->addItem(translated(choice.label), QString::fromStdString(choice.id));
        box->setItemData(box->count() - 1, translated(choice.help), Qt::ToolTipRole);
    }
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(6);
    m_show = [box](const ParameterValue& value) { box->setCurrentIndex(box->findData(shown(value))); };
    connect(box, &QComboBox::activated, this, [this, box](int index) { give(box->itemData(index).toString().toStdString()); });
    return box;
}

QWidget* ParameterField::makeSegments()
{
    auto* frame = new QFrame;
    frame->setProperty("segments", true);
    auto* layout = new QHBoxLayout{frame};
    layout->setContentsMargins(2, 2, 2, 2);
    layout->setSpacing(2);
    auto* group = new QButtonGroup{frame};
    for (const Choice& choice : m_schema.choices) {
        auto* button = new QToolButton;
        button->setProperty("kind", "segment");
        button->setText(translated(choice.label));
        button->setToolTip(translated(choice.help));
        button->setObjectName(QString::fromStdString(choice.id));
        button->setCheckable(true);
        button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        button->setFocusPolicy(Qt::StrongFocus);
        group->addButton(button);
        layout->addWidget(button);
        connect(button, &QToolButton::clicked, this, [this, id = choice.id] { give(id); });
    }
    m_show = [this, group](const ParameterValue& value) {
        const auto buttons = group->buttons();
        for (std::size_t i = 0; i < m_schema.choices.size(); ++i)
            buttons[static_cast<int>(i)]->setChecked(m_schema.choices[i].id == std::get<std::string>(value));
    };
    return frame;
}

QLineEdit* ParameterField::makeLine()
{
    m_line = new QLineEdit;
    m_line->installEventFilter(this);
    m_show = [this](const ParameterValue& value) {
        if (m_line->text() != shown(value))
            m_line->setText(shown(value));
    };
    connect(m_line, &QLineEdit::textEdited, this, &ParameterField::onTyped);
    return m_line;
}

QWidget* ParameterField::makePath()
{
    auto* box = new QWidget;
    auto* layout = new QHBoxLayout{box};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space1);
    QLineEdit* line = makeLine();
    line->setPlaceholderText(tr("Choose, type, or drop a file or folder"));
    line->setAcceptDrops(true);
    layout->addWidget(line, 1);
    for (const bool folder : {false, true}) {
        auto* browse = new QToolButton;
        browse->setProperty("kind", "ghost");
        browse->setToolTip(folder ? tr("Choose a folder…") : tr("Choose a file…"));
        browse->setAccessibleName(browse->toolTip());
        setThemedIcon(browse, folder ? QStringLiteral("folder") : QStringLiteral("note"));
        layout->addWidget(browse);
        connect(browse, &QToolButton::clicked, this, [this, folder] {
            const QString chosen = folder ? QFileDialog::getExistingDirectory(window(), tr("Choose a folder"), m_line->text())
                                          : QFileDialog::getOpenFileName(window(), tr("Choose a file"), m_line->text());
            if (!chosen.isEmpty()) {
                m_line->setText(chosen);
                onTyped(chosen);
            }
        });
    }
    box->setFocusProxy(line);
    return box;
}

void ParameterField::onTyped(const QString& text)
{
    const Result<ParameterValue> parsed = parse(m_schema, text.toStdString(), m_schema.name);
    const bool wasValid = isValid();
    m_ownProblem = parsed ? QString{} : translated(parsed.problems.front().hint.empty() ? parsed.problems.front().message : parsed.problems.front().hint);
    if (!m_ownProblem.isEmpty())
        m_ownProblem[0] = m_ownProblem[0].toUpper();
    showProblem();
    if (wasValid != isValid())
        Q_EMIT validityChanged();
    if (parsed)
        give(*parsed);
}

void ParameterField::give(const ParameterValue& value)
{
    m_value = value;
    Q_EMIT edited(value);
}

void ParameterField::setValue(const ParameterValue& value)
{
    // A field being typed in shows "1e-" for a while; its last value must not overwrite it.
    if (value == m_value && m_line && (m_line->hasFocus() || isValid()) && !m_line->text().isEmpty())
        return;
    m_value = value;
    const bool wasValid = isValid();
    m_ownProblem.clear();
    const QSignalBlocker blocker{m_control};
    m_show(value);
    showProblem();
    if (!wasValid)
        Q_EMIT validityChanged();
}

void ParameterField::setProblem(const QString& problem)
{
    if (m_foreignProblem == problem)
        return;
    m_foreignProblem = problem;
    showProblem();
}

void ParameterField::showProblem()
{
    const QString problem = m_ownProblem.isEmpty() ? m_foreignProblem : m_ownProblem;
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    setWrong(m_line ? static_cast<QWidget*>(m_line) : m_control, !problem.isEmpty());
}

void ParameterField::focusControl()
{
    (m_line ? static_cast<QWidget*>(m_line) : m_control)->setFocus(Qt::OtherFocusReason);
}

/// Up and down: one more or less, or for what is searched by orders of magnitude 1, 2, 5, 10 and so on.
void ParameterField::stepBy(int steps)
{
    const bool whole = m_schema.type == ParameterType::integer;
    double value = whole ? static_cast<double>(std::get<std::int64_t>(m_value))
                         : (std::holds_alternative<double>(m_value) ? std::get<double>(m_value) : static_cast<double>(std::get<std::int64_t>(m_value)));
    if (m_schema.logarithmic && whole) {
        value = steps > 0 ? std::max(1.0, value * 2) : std::floor(value / 2);
    } else if (m_schema.logarithmic) {
        if (value <= 0) {
            value = 1e-5;
        } else {
            const double power = std::pow(10.0, std::floor(std::log10(value) + 1e-9));
            const double digit = value / power;
            value = steps > 0 ? (digit < 2 - 1e-6 ? 2 : digit < 5 - 1e-6 ? 5 : 10) * power
                              : (digit > 5 + 1e-6 ? 5 : digit > 2 + 1e-6 ? 2 : digit > 1 + 1e-6 ? 1 : 0.5) * power;
        }
    } else {
        value += steps * (whole ? 1 : 0.05);
        value = whole ? value : std::round(value * 1e6) / 1e6;
    }
    value = std::clamp(value, m_schema.minimum, m_schema.maximum);
    const ParameterValue stepped = whole ? ParameterValue{static_cast<std::int64_t>(value)} : ParameterValue{std::stod(fmt::format("{:.6g}", value))};
    m_line->setText(shown(stepped));
    onTyped(m_line->text());
}

bool ParameterField::eventFilter(QObject* watched, QEvent* event)
{
    const bool number = m_schema.type == ParameterType::integer || m_schema.type == ParameterType::real;
    if (watched == m_line && number && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down) {
            stepBy(key == Qt::Key_Up ? 1 : -1);
            return true;
        }
    }
    if (watched == m_line && m_schema.type == ParameterType::path && event->type() == QEvent::Drop) {
        const QMimeData* dropped = static_cast<QDropEvent*>(event)->mimeData();
        if (dropped->hasUrls() && dropped->urls().front().isLocalFile()) {
            m_line->setText(dropped->urls().front().toLocalFile());
            onTyped(m_line->text());
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

}
