// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>
#include <QWidget>

#include <vector>

class QCustomPlot;
class QLabel;
class QCPGraph;
class QCPItemStraightLine;

namespace descent {

/// One curve as a chart draws it. Values that are not finite are gaps, marked where they begin.
struct Curve {
    QString name;
    QColor color;
    std::vector<double> x, y;      ///< as they are, in order of x
    std::vector<double> smooth;    ///< empty, or one a value: drawn boldly while the raw curve goes faint behind it
    bool dashed = false;
    bool dots = false;             ///< few, important values: one an epoch
    qint64 id = 0;                 ///< given back in curveClicked
};

/// Draws the curves it is given. Asks nobody for data, knows nothing of runs.
/// Drag zooms into a rectangle, the wheel along x, a double click goes back to everything. With the keyboard: left and right
/// move the crosshair (with Shift the picture), plus and minus zoom, 0 shows everything. While everything is shown, new values
/// refit the axes; once a person has zoomed, nothing moves under their eyes.
class CurvePlot : public QWidget
{
    Q_OBJECT
public:
    explicit CurvePlot(QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setXLabel(const QString& label);
    void setLegendVisible(bool visible);           ///< names beside the title, where there are few
    void setCurves(std::vector<Curve> curves);     ///< replaces what is shown
    const std::vector<Curve>& curves() const { return m_curves; }
    void setLogY(bool on);                         ///< values at or below 0 become gaps
    void setLogX(bool on);
    void setClipOutliers(bool on);                 ///< axis over the central 90 % of the values; says how many lie outside
    void setTimeAxis(bool on);                     ///< x is seconds, written as 1:05
    void highlight(qint64 id);                     ///< that curve on top and bold; -1: none
    bool isFitted() const { return m_fitted; }
    void showCrosshair(double x);                  ///< from another chart; NaN hides it

    enum class Format { png, svg, pdf };
    /// The chart as a file's content; whoever writes it does so on another thread.
    QByteArray exported(Format format, int width, int height);
    QPixmap picture(int width, int height);

public Q_SLOTS:
    void resetZoom();

Q_SIGNALS:
    void hovered(double x);                        ///< NaN when the pointer leaves
    void curveClicked(qint64 id);
    void fittedChanged(bool fitted);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    class Readout;
    void restyle();
    void rebuild();
    void fit();
    void updateReadout(const QPointF* pointer);
    void userZoomed();
    double valueAt(const Curve& curve, double x, double* nearestX) const;

    QCustomPlot* m_plot = nullptr;                 // child of this widget; Qt deletes it
    QCPItemStraightLine* m_crosshair = nullptr;
    Readout* m_readout = nullptr;
    QLabel* m_title = nullptr;
    QLabel *m_legend = nullptr, *m_note = nullptr;
    std::vector<Curve> m_curves;
    bool m_logX = false, m_logY = false, m_clip = false, m_time = false, m_fitted = true;
    qint64 m_highlighted = -1;
    QPointF m_pointer;                             // where the crosshair was put last; null: nowhere
};

/// name,x,y rows of all curves: RFC 4180.
QString curvesToCsv(const std::vector<Curve>& curves, const QString& xName);

/// Three to five significant digits, thousands grouped, powers for the very small and very large.
QString shortNumber(double value);
/// 65 s as "1:05", 5000 s as "1:23:20".
QString shortDuration(double seconds);

}
