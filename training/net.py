"""The network: convolutions that halve the height until one row is left, then one row of frames, each a class or CTC's blank."""
import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, i, o, kernel, stride, padding):
        super().__init__()
        self.conv = nn.Conv2d(i, o, kernel, stride, padding, bias=False)
        self.norm = nn.BatchNorm2d(o, momentum=.02)

    def forward(self, x):
        return F.relu(self.norm(self.conv(x)))


class Net(nn.Module):
    """rows: height of the input. channels: five widths. Four columns make a frame."""

    def __init__(self, rows, channels, classes):
        super().__init__()
        a, b, c, d, e = channels
        self.body = nn.Sequential(
            Block(1, a, 3, (2, 2), 1),
            Block(a, b, 3, (2, 1), 1),
            Block(b, c, 3, (2, 2), 1),
            Block(c, d, ((rows + 7) // 8, 3), 1, (0, 1)),
            Block(d, e, (1, 3), 1, (0, 1)))
        self.drop = nn.Dropout(.1)
        self.head = nn.Conv2d(e, classes, 1)

    def forward(self, x):
        """x: N,1,rows,W in 0..1. Returns N,W/4,classes log probabilities."""
        y = self.head(self.drop(self.body(x)))[:, :, 0]
        return F.log_softmax(y.transpose(1, 2).float(), 2)


CHANNELS = {"numbers": (24, 48, 80, 128, 128), "labels": (24, 48, 80, 160, 160)}


def make(name, shape, alphabet):
    return Net(shape.rows, CHANNELS[name], len(alphabet) + 1)
