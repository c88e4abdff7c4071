// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/icons.h"

#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>

namespace descent {

namespace {

/// Renders the SVG at the size it is asked for, with currentColor replaced.
class SvgIconEngine : public QIconEngine
{
public:
    SvgIconEngine(const QString& name, const QColor& color) : m_name{name}, m_color{color} { }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        QFile file{QStringLiteral(":/icons/%1.svg").arg(m_name)};
        if (!file.open(QIODevice::ReadOnly))
            return;
        QByteArray svg = file.readAll();
        const QColor color = mode == QIcon::Disabled ? Theme::instance().colors().muted : m_color;
        svg.replace("currentColor", color.name().toLatin1());
        QSvgRenderer{svg}.render(painter, rect);
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap{size};
        pixmap.fill(Qt::transparent);
        QPainter painter{&pixmap};
        paint(&painter, QRect{QPoint{0, 0}, size}, mode, state);
        return pixmap;
    }
    QIconEngine* clone() const override { return new SvgIconEngine{m_name, m_color}; }

private:
    const QString m_name;
    const QColor m_color;
};

}

QIcon icon(const QString& name, const QColor& color)
{
    return QIcon{new SvgIconEngine{name, color}};
}

void setThemedIcon(QAbstractButton* button, const QString& name, bool onAccent)
{
    const auto refresh = [button, name, onAccent] {
        const ColorTokens& colors = Theme::instance().colors();
        button->setIcon(icon(name, onAccent ? colors.onAccent : colors.text));
    };
    refresh();
    QObject::disconnect(&Theme::instance(), nullptr, button, nullptr);   // an icon given anew replaces the old one
    QObject::connect(&Theme::instance(), &Theme::changed, button, refresh);
}

}
